import { changePort } from './known-failure.js';
import type { KnownFailure } from './known-failure.js';

/** What the machine has too little of, or does not allow. */
export const systemFailures: readonly KnownFailure[] = [
  {
    code: 'port_in_use',
    patterns: [
      /EADDRINUSE: address already in use (?:[\w.:[\]-]{0,80}:)?(?<port>\d{1,5})/,
      /bind on address \('[^']{0,60}', (?<port>\d{1,5})[^)]{0,20}\): (?:\[errno 98\] )?address already in use/i,
      /listen tcp\d? [\w.:[\]-]{0,80}:(?<port>\d{1,5}): bind: address already in use/,
      /Cannot find empty port in range: (?<port>\d{1,5})-/,
      /All ports from (?<port>\d{1,5}) to \d{1,5} are in use/,
      /[Pp]ort (?<port>\d{1,5}) is (?:already )?in use/,
      /no available port could be found/,
      /address already in use|EADDRINUSE(?!')/i,
    ],
    message: ({ port }) =>
      `The port${port ? ` ${port}` : ''} is taken by another program. Take another port, or end what holds it.`,
    remedies: [changePort],
  },
  {
    code: 'address_not_available',
    patterns: [/cannot assign requested address|EADDRNOTAVAIL/i],
    message:
      'It was told to listen on an address that this machine does not have. Use 127.0.0.1, which is where AiKore looks for it.',
  },
  {
    code: 'shared_memory_full',
    patterns: [
      /insufficient shared memory \(shm\)|out of shared memory/,
      /DataLoader worker \(pid[^)]{0,40}\) is killed by signal: Bus error/,
      /unable to (?:open|mmap|resize|allocate) shared memory/i,
      /No space left on device.{0,200}\/dev\/shm|\/dev\/shm.{0,200}No space left on device/,
    ],
    message:
      'The shared memory (/dev/shm) is too small. In a container start that with more (shm_size: 8gb); else use fewer workers.',
  },
  {
    code: 'watch_limit',
    patterns: [
      /inotify (?:watch|instance) limit reached/,
      /System limit for number of file watchers reached/,
    ],
    message:
      'The kernel’s limit of watched files is reached. Raise it on the machine: sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=1024.',
  },
  {
    code: 'quota_exceeded',
    patterns: [/Disk quota exceeded|EDQUOT/],
    message: 'The disk quota of AiKore’s user is used up. Delete something, or ask for more.',
  },
  {
    code: 'disk_full',
    patterns: [
      /No space left on device|ENOSPC|\[Errno 28\]/,
      /database or disk is full|not enough (?:free )?(?:disk )?space/i,
    ],
    message:
      'The disk is full. Free some space (models, outputs, old environments, the trash can), then start again.',
  },
  {
    code: 'read_only_file_system',
    patterns: [/Read-only file system|EROFS/],
    message:
      'It writes where nothing can be written: that file system is read-only. A disk with errors turns so by itself; the kernel’s log (dmesg) says more.',
  },
  {
    code: 'too_many_open_files',
    patterns: [/Too many open files|EMFILE|ENFILE/],
    message:
      'It has more files open than it may. Raise the limit in the script (ulimit -n 65536) or for AiKore’s service; it may also forget to close them.',
  },
  {
    code: 'too_many_processes',
    patterns: [
      /can't start new thread|pthread_create failed|Thread creation failed/,
      /fork: (?:retry: )?Resource temporarily unavailable|BlockingIOError: \[Errno 11\]/,
    ],
    message:
      'No more processes or threads may be started: a limit of the user or the container is reached. Raise it (ulimit -u, pids limit), or use fewer workers.',
  },
  {
    code: 'out_of_memory',
    patterns: [
      /(?:^|\s)(?:MemoryError|[\w.]{0,60}_ArrayMemoryError)(?:$|:)/,
      /std::bad_alloc/,
      /DefaultCPUAllocator: (?:can't allocate|not enough) memory/,
      /memory allocation of \d{1,20} bytes failed/,
      /DataLoader worker \(pid[^)]{0,40}\) is killed by signal: Killed/,
      /model requires more system memory \([^)]{1,40}\) than is available/,
      /Cannot allocate memory|ENOMEM/,
    ],
    message:
      'The memory of the machine ran out. End something else, take a smaller model, or give the machine more memory or swap.',
  },
  {
    code: 'permission_denied',
    patterns: [
      /PermissionError: \[Errno 1?[13]\] [\w ]{1,40}: '(?<path>[^']{1,300})'/,
      /EACCES: permission denied,? \w{0,20} ?'?(?<path>[^'\s]{1,300})/,
      /cannot (?:create|open|touch|remove|access|stat)[\w ]{0,30}[‘'](?<path>[^’']{1,300})[’']?.{0,80}: Permission denied/,
      /line \d{1,6}: (?<path>[^:]{1,300}): Permission denied/,
      /PermissionError: \[Errno 1?[13]\]/,
    ],
    message: ({ path }) =>
      `AiKore’s user may not use ${path || 'a file or folder'}. Give it to that user (chown), or make a program executable (chmod +x).`,
  },
  {
    code: 'database_locked',
    patterns: [/OperationalError\)? ?:? ?database is locked|SQLITE_BUSY: database is locked/],
    message:
      'Another program holds the application’s database. Look for a second copy of the application that uses the same data.',
  },
  {
    code: 'database_damaged',
    patterns: [/database disk image is malformed|file is not a database|SQLITE_CORRUPT/],
    message:
      'The application’s database is damaged. Stop it, keep a copy of the file, and restore a backup (or try sqlite3’s .recover).',
  },
  {
    code: 'database_not_openable',
    patterns: [/unable to open database file|SQLITE_CANTOPEN/],
    message:
      'The application’s database cannot be opened. Check that its folder exists and belongs to AiKore’s user.',
  },
  {
    code: 'database_newer',
    patterns: [/Can't locate revision identified by '(?<revision>[^']{1,80})'/],
    message:
      'The application’s database was written by another, mostly newer, version of the application. Update the application, or go back to an older copy of its data.',
  },
  {
    code: 'display_missing',
    patterns: [
      /[Cc]an(?:no|')t open display|could not connect to display|Missing X server or \$DISPLAY/,
      /no display name and no \$DISPLAY/,
      /Could not load the Qt platform plugin "xcb"|no Qt platform plugin could be initialized/,
    ],
    message:
      'It is a program with windows, and there is no display for them. Turn on the persistent desktop, or run it without windows (for Qt: QT_QPA_PLATFORM=offscreen).',
  },
  {
    code: 'ffmpeg_missing',
    patterns: [
      /No such file or directory: '(?:ffmpeg|ffprobe)'|(?:ffmpeg|ffprobe): (?:command )?not found/,
      /ffmpeg (?:is not installed|was not found|not found)|Couldn't find ffmpeg/i,
    ],
    message: 'ffmpeg is not on this machine. Install it (on Debian: apt install ffmpeg).',
  },
];
