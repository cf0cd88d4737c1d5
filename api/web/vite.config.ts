import { defineConfig } from 'vite'

// The service embeds dist/app (web.go); its neighbour placeholder.html is committed.
export default defineConfig({
  build: { outDir: 'dist/app', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 1500, assetsInlineLimit: 0 },
})
