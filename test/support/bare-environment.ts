const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env

/** The environment of a command in which nothing is set that it reads. */
export const bareEnvironment: NodeJS.ProcessEnv = { PATH, TMPDIR, NODE_COMPILE_CACHE }
