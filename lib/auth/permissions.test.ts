import { expect, test } from 'vitest';
import { can, type Permission, permissionsOfRole, roles } from './permissions';

const expected: Record<Permission, string[]> = {
  'flows.read': ['viewer', 'engineer', 'admin'],
  'data.read': ['viewer', 'engineer', 'admin'],
  'views.write': ['viewer', 'engineer', 'admin'],
  'rejected.read': ['engineer', 'admin'],
  'sql.read': ['engineer', 'admin'],
  'reference.write': ['engineer', 'admin'],
  'snapshots.write': ['engineer', 'admin'],
  'people.manage': ['admin'],
  'tokens.manage': ['admin'],
  'audit.read': ['admin'],
};

test.each(Object.entries(expected) as [Permission, string[]][])(
  '%s belongs to %s and nobody else',
  (permission, allowed) => {
    expect(roles.filter((role) => can(role, permission))).toEqual(allowed);
  },
);

test('no role has a permission that is not in the table above', () => {
  for (const role of roles) {
    for (const permission of permissionsOfRole[role]) expect(expected).toHaveProperty([permission]);
  }
});
