// What bugs do to AiKore, put into the program of an unmodified image by its environment.

const preload = (code: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}`,
});

/** An event loop that stands still from SIGUSR2 on. */
export const BLOCKED_BY_SIGUSR2 = preload('process.on("SIGUSR2",()=>{for(;;);})');

/** A file in the container; while it is there, AiKore's start fails with exit code 1. */
export const REFUSAL = '/tmp/refuse-to-start';
export const REFUSES_WHILE_TOLD = preload(
  `import{existsSync}from"node:fs";if(existsSync("${REFUSAL}")){console.error("aikore: told to refuse");process.exit(1)}`,
);
