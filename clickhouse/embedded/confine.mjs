// Takes the right to open files away from this thread and from every thread that it starts from now on, but for the
// folders that the engine needs: Linux's Landlock, which needs no privilege. ClickHouse as a library believes to be a
// program of the person who runs it, so some of its statements (INSERT … FROM INFILE) open any file without asking
// for a grant. Where there is no Landlock (macOS, kernels before 5.19) the accounts' own limits are what there is.
import { closeSync, constants, openSync, statSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { DataType, load, open } from 'ffi-rs';

const CREATE_RULESET = 444;
const ADD_RULE = 445;
const RESTRICT_SELF = 446;
const ABI_OF_KERNEL = 1;
const PATH_BENEATH = 1;
const PR_SET_NO_NEW_PRIVS = 38;

const EXECUTE = 1n << 0n;
const READ_FILE = 1n << 2n;
const READ_DIR = 1n << 3n;
/** Everything that version 2 of the interface knows: from executing to linking and renaming between folders. */
const ALL = (1n << 14n) - 1n;
/** Came with version 3; where the kernel does not know it, it is allowed. */
const TRUNCATE = 1n << 14n;
/** What may be asked for a file; the rest concerns folders. */
const FILE_RIGHTS = EXECUTE | READ_FILE | (1n << 1n) | TRUNCATE;

function call(funcName, types, values) {
  return load({
    library: 'process',
    funcName,
    retType: DataType.I32,
    paramsType: types,
    paramsValue: values,
  });
}

const { I32, I64, U8Array } = DataType;

/**
 * @param {{ write: string[], read: string[] }} paths what stays allowed; those that do not exist are passed over
 * @returns {string | null} why nothing was taken away, or null when it was
 */
export function confine({ write, read }) {
  if (platform() !== 'linux' || !['x64', 'arm64'].includes(arch())) return 'Landlock is there on Linux only';
  open({ library: 'process', path: '' });
  const version = call('syscall', [I64, I64, I64, I32], [CREATE_RULESET, 0, 0, ABI_OF_KERNEL]);
  if (version < 2) return 'this kernel has no Landlock, or none that lets files move between folders';
  const handled = version >= 3 ? ALL | TRUNCATE : ALL;

  const attributes = Buffer.alloc(8);
  attributes.writeBigUInt64LE(handled);
  const ruleset = call('syscall', [I64, U8Array, I64, I32], [CREATE_RULESET, attributes, 8, 0]);
  if (ruleset < 0) return 'the kernel refused to make a rule set';
  for (const path of write) allow(ruleset, path, handled);
  for (const path of read) allow(ruleset, path, EXECUTE | READ_FILE | READ_DIR);
  if (call('prctl', [I32, I64, I64, I64, I64], [PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0]) !== 0) {
    return 'the kernel refused to give up new privileges';
  }
  const refused = call('syscall', [I64, I64, I64], [RESTRICT_SELF, ruleset, 0]);
  closeSync(ruleset);
  return refused === 0 ? null : 'the kernel refused the rule set';
}

function allow(ruleset, path, rights) {
  let fd;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch {
    return;
  }
  const rule = Buffer.alloc(12);
  rule.writeBigUInt64LE(statSync(path).isDirectory() ? rights : rights & FILE_RIGHTS, 0);
  rule.writeInt32LE(fd, 8);
  const refused = call('syscall', [I64, I64, I64, U8Array, I64], [ADD_RULE, ruleset, PATH_BENEATH, rule, 0]);
  closeSync(fd);
  if (refused !== 0) throw new Error(`Landlock refused a rule for ${path}`);
}
