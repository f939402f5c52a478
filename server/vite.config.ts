import { defineConfig } from 'vite'

/**
 * What is not taken into the program, and package.json names as its dependencies: compiled code, and a package that reads
 * pages from where it lies.
 */
const APART = ['@node-rs/bcrypt', '@fastify/swagger-ui']

/**
 * The program and its threads, each one file with all that it needs at once: reading 1,450 small ones took a second of each
 * start, and of each thread's.
 */
export default defineConfig({
  root: import.meta.dirname,
  logLevel: 'warn',
  ssr: { noExternal: true, external: APART },
  build: {
    ssr: true,
    target: 'node24',
    emptyOutDir: false,
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: {
        cli: 'cli.ts',
        'background-worker': 'identifiers/background-worker.ts',
        'job-worker': 'jobs/job-worker.ts',
        'examination-worker': 'doctor/examination-worker.ts',
      },
      // Neither this nor minifying leaves anything out: both take a call that is made only to throw for a needless one.
      treeshake: false,
      output: {
        minify: false,
        // Side by side: each is found beside whichever file names it.
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
      },
    },
  },
})
