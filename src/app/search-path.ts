/** Where programs are looked for; without a PATH of its own AiKore takes what a login would. */
export const searchPath = process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
