import { beforeEach, expect, it, vi } from 'vitest'

/** Imports the module again, as after a reload in a window of this height. */
async function reload(height: number, width = 1440) {
  vi.resetModules()
  vi.stubGlobal('window', { innerWidth: width, innerHeight: height })
  return import('./view')
}

const stored = new Map<string, string>()

beforeEach(() => {
  stored.clear()
  vi.stubGlobal('localStorage', { getItem: (key: string) => stored.get(key) ?? null, setItem: (key: string, value: string) => stored.set(key, value) })
})

it('opens the results at 45 % of the window, and not at what they once were by default', async () => {
  expect((await reload(900)).useView.getState().size.drawer).toBe(405)
  stored.set('easel.view', JSON.stringify({ size: { palette: 240, inspector: 320, drawer: 280 } }))
  expect((await reload(1000)).useView.getState().size.drawer).toBe(450)
})

it('remembers the size, but opens on the canvas; sizing ends that it is maximised', async () => {
  const view = await reload(900)
  view.resizePanel('drawer', 333)
  view.toggleMaximised()
  expect(view.useView.getState().open.drawer).toBe(true)
  const again = await reload(900)
  expect(again.useView.getState()).toMatchObject({ maximised: false, size: { drawer: 333 } })
  again.toggleMaximised()
  again.resizePanel('drawer', 350)
  expect(again.useView.getState().maximised).toBe(false)
})

it('folds the drawer of an empty pipeline and opens it with the next page, but never the sheet of a narrow page', async () => {
  const view = await reload(900)
  view.setPanel('drawer', true)
  view.foldDrawer()
  expect(view.useView.getState().open.drawer).toBe(false)
  expect((await reload(900)).useView.getState().open.drawer).toBe(true)
  const narrow = await reload(844, 390)
  narrow.foldDrawer()
  expect(narrow.useView.getState().open.drawer).toBe(true)
})

it('keeps one panel beside the canvas on a page of 900 px or less', async () => {
  const opened = async (width: number) => {
    const view = await reload(900, width)
    view.setPanel('palette', true)
    view.setPanel('inspector', true)
    view.setPanel('drawer', true)
    return view.useView.getState().open
  }
  expect(await opened(820)).toEqual({ palette: false, inspector: true, drawer: true })
  expect(await opened(1280)).toEqual({ palette: true, inspector: true, drawer: true })
})

it('maximises a closed drawer by opening it, whatever it was before', async () => {
  const view = await reload(900)
  view.toggleMaximised()
  view.setPanel('drawer', false)
  view.toggleMaximised()
  expect(view.useView.getState()).toMatchObject({ maximised: true, open: { drawer: true } })
})

it('remembers for each pipeline whether the drawer covers the canvas', async () => {
  const view = await reload(900)
  view.savePlace('a', { maximised: true })
  view.savePlace('a', { chosen: ['train'] })
  expect(view.loadPlace('a')).toMatchObject({ maximised: true, chosen: ['train'] })
  expect(view.loadPlace('b').maximised).toBe(false)
  stored.set('easel.place.c', JSON.stringify({ viewport: null, chosen: ['split'], port: null }))
  expect(view.loadPlace('c')).toMatchObject({ maximised: false, chosen: ['split'] })
})

it('keeps what is typed until the search that was asked for is there', async () => {
  const view = await reload(900)
  const press = (key: string, ctrlKey = false) => view.typeAhead({ key, ctrlKey, metaKey: false, altKey: false })
  expect(press('a')).toBe(false)
  view.goToPalette()
  expect(['s', 'x', 'Backspace', 'p'].map((key) => press(key))).toEqual([true, true, true, true])
  expect(press('k', true)).toBe(false)
  expect(view.useView.getState().toPalette).toEqual({ typed: 'sp' })
  press('Escape')
  expect(view.useView.getState().toPalette).toBeNull()
})
