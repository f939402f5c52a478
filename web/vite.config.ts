import { defineConfig } from 'vite'

const ENTRIES: Record<string, string> = { app: 'app/main.tsx', elements: 'elements.tsx' }

/**
 * `--mode app` bundles our own pages, `--mode elements` the custom elements for pages of a host. Apart, so that each is one
 * script; what is loaded when it is opened is a script of its own. The server finds them by the two manifests.
 */
export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  // Chunks find one another relative to where they lie, so that the server's sub-directory need not be known here.
  base: './',
  publicDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { 'import.meta.env.MODE': '"production"' },
  build: {
    target: 'es2022',
    manifest: `${mode}.json`,
    license: { fileName: `licenses-${mode}.md` },
    modulePreload: false,
    assetsInlineLimit: 0,
    emptyOutDir: false,
    rolldownOptions: {
      input: { [mode]: ENTRIES[mode] ?? '' },
      output: {
        // All that an entry needs at once is one script, whatever other pages share with it.
        codeSplitting: { groups: [{ name: 'core', tags: ['$initial'] }] },
        entryFileNames: 'assets/[name]-[hash].js',
        chunkFileNames: ({ facadeModuleId }) => {
          if (facadeModuleId?.includes('/locales/problems/')) return 'assets/problems-[name]-[hash].js'
          const words = facadeModuleId?.includes('/locales/')
          return words ? 'assets/words-[name]-[hash].js' : 'assets/[name]-[hash].js'
        },
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
}))
