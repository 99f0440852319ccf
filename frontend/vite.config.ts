/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

// What several pages use, in one file: of its own accord the bundler makes one for each set of pages, fifty for the canvas, most below 1 KB.
const OF_FEW = /\/src\/(features|pages|core\/graph)\/|\/src\/ui\/report\/|@xyflow|\/d3-|vega|elkjs|codemirror|lezer|number-format/
const shared = { name: 'shared', minShareCount: 2, test: (id: string) => !OF_FEW.test(id) }

// What the first drawing runs: React, React Flow and the canvas. Chromium compiles a function when it is called, on the thread that draws; all of these files it compiles as they arrive, on another.
const EAGER = new Set(['main', 'contributions'])
const eager: Plugin = {
  name: 'eager',
  generateBundle: {
    order: 'post',
    handler(_, files) {
      for (const file of Object.values(files)) if (file.type === 'chunk' && EAGER.has(file.name)) file.code = `//# allFunctionsCalledOnLoad\n${file.code}`
    },
  },
}

// Browsers that know light-dark(): what stands in for it for older ones follows no switch of scheme.
export default defineConfig({
  base: '/static/canvas/',
  plugins: [react(), eager],
  build: { outDir: '../static/canvas', emptyOutDir: true, manifest: 'manifest.json', target: 'es2022', assetsInlineLimit: 0, cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'], rolldownOptions: { input: ['src/main.tsx', 'src/site.css'], output: { codeSplitting: { groups: [shared] } } } },
  // Beside other tests on a busy machine, what reads the whole API description takes longer than the default of 5 s.
  test: { environment: 'node', pool: 'threads', testTimeout: 30_000, css: { include: /(tokens|mantine)\.css/ }, include: ['src/**/*.test.ts', 'src/**/*.test.tsx'] },
})
