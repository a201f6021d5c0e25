/** What next-auth answers, in words that say what to do. */
export function signInError(code: string): string {
  const wait = /^TooManyTries:(\d+)$/.exec(code);
  if (wait) {
    const seconds = Number(wait[1]);
    const time = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
    return `Too many tries. Wait ${time}, then try again.`;
  }
  if (code === 'CredentialsSignin') return 'E-mail address or password is wrong. Check both and try again.';
  return 'Signing in does not work right now: the server could not check the password. Ask whoever runs Weir to look into its log, then try again.';
}
