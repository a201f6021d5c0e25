/** Every role, from the least to the most. */
export const roles = ['viewer', 'engineer', 'admin'] as const;
export type Role = (typeof roles)[number];

export function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}

const viewer = ['flows.read', 'data.read', 'views.write'] as const;
const engineer = [...viewer, 'rejected.read', 'sql.read', 'reference.write', 'snapshots.write'] as const;
const admin = [...engineer, 'people.manage', 'tokens.manage', 'audit.read'] as const;

/** Something that a person may be allowed to do. */
export type Permission = (typeof admin)[number];

/** What each role may do. The interface and the server read the same table. */
export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = { viewer, engineer, admin };

/** Whether a role may do something. */
export function can(role: Role, permission: Permission): boolean {
  return permissionsOfRole[role].includes(permission);
}
