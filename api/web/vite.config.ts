import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

const folder = 'dist/app'

/** offline writes into the service worker which files this build has, with the hash of each. */
const offline: Plugin = {
  name: 'offline',
  writeBundle() {
    const hash = (of: string | Buffer) => 'sha256-' + createHash('sha256').update(of).digest('base64')
    const files: Record<string, string> = {}
    for (const f of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      const path = `${f.parentPath}/${f.name}`
      const at = path.slice(folder.length)
      if (f.isFile() && at !== '/sw.js') files[at === '/index.html' ? '/' : at] = hash(readFileSync(path))
    }
    const list = JSON.stringify(Object.fromEntries(Object.entries(files).sort()))
    const worker = readFileSync(folder + '/sw.js', 'utf8')
    const written = worker.replace(/["'`]__FILES__["'`]/, () => list).replace('__BUILD__', () => createHash('sha256').update(list).digest('hex').slice(0, 16))
    if (/__(FILES|BUILD)__/.test(written)) throw new Error('dist/app/sw.js: there is no place for the list of files')
    writeFileSync(folder + '/sw.js', written)
  },
}

// The service embeds dist/app (web.go); its neighbour placeholder.html is committed.
// The service worker stands at the root under a fixed name, so that it serves the whole address and is found again.
export default defineConfig({
  plugins: [offline],
  build: {
    outDir: folder, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 1500, assetsInlineLimit: 0,
    rolldownOptions: { input: { index: 'index.html', sw: 'src/sw.ts' }, output: { entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js') } },
  },
})
