/** View state: panels, the drawer, open dialogs, and the viewport. */
import { create } from 'zustand'
import type { Reading } from '../core/data/datasets'
import type { Edge, Point } from '../core/graph/graph'
import { save, load } from './storage'
import type { LooseEnd } from './edit'

export type Panel = 'palette' | 'inspector' | 'drawer'

/** A narrow page shows one of these below the canvas; the wide page has a panel for each. */
export type SheetPart = 'outline' | 'settings' | 'results' | 'add'

export interface Viewport {
  x: number
  y: number
  zoom: number
}

/** The canvas functions that other parts of the page can call. */
export interface CanvasHandle {
  fit(nodes?: string[]): void
  /** Scrolls a card into view if it is not, at the same zoom. */
  reveal(node: string): void
  /** Gives a card the keyboard focus and scrolls it into view; without a card, the canvas itself. */
  focus(node?: string | null): void
  /** Uploads files, and adds a card for each at a place, or at a free one. */
  upload(files: readonly File[], place?: Point, reading?: Reading): void
  /** The lower end of a card on the screen, above its successor. */
  onScreen(node: string): Point | null
  zoom(by: 'in' | 'out' | 'one'): void
  /** The place of a new node when none was chosen: the middle of the view. */
  middle(): Point
  /** The last position of the pointer over the canvas; the middle when there is none. */
  pointer(): Point
  pointerOnScreen(): Point
}

export interface SearchBox {
  /** In screen coordinates, for the box. */
  at: Point
  /** In canvas coordinates, for the node. */
  place: Point
  joined?: LooseEnd
  /** The edge it is inserted into. */
  onto?: Edge
  /** The place was not chosen by the user, so the card goes where there is space. */
  anywhere?: boolean
  /** The card it is added after, when the user chose no place. */
  after?: string | null
}

interface View {
  open: Record<Panel, boolean>
  size: Record<Panel, number>
  /** The id of the drawer's tab. */
  tab: string
  /** The drawer takes the full page. */
  maximised: boolean
  /** The part of a narrow page's sheet that is shown. */
  sheet: SheetPart
  search: SearchBox | null
  commands: 'palette' | 'keymap' | null
  outline: boolean
  versions: boolean
  canvas: CanvasHandle | null
  /** A setting to scroll into view and highlight, after a click on its problem. */
  spotlight: { node: string; param: string } | null
  /** The module being dragged from a list: browsers hide the drag data until the drop. */
  dragged: string | null
  /** The last request to move the focus to the settings: to the first of them, or to the title. */
  toSettings: { to: 'first' | 'title' } | null
  /** The last request to move the focus to the palette's search, and what was typed before the search was there. */
  toPalette: { typed: string } | null
}

type StoredLayout = Pick<View, 'open' | 'size' | 'tab'>

/** The drawer's share of the window's height until the user resizes it. */
const DRAWER_SHARE = 0.45
/** Former defaults; stored in browsers whose user may never have resized the panel. */
const FORMER_DRAWER_HEIGHT = 280
const FORMER_PALETTE_WIDTH = 240
const PALETTE_WIDTH = 232
/** Below this width the panels are a sheet under the canvas. */
const NARROW = 700

/** Up to this width, as on a tablet or zoomed to 200 %, the canvas has room for one panel beside it. */
const ONE_BESIDE = 900

const heightOf = () => (typeof window === 'undefined' ? 900 : window.innerHeight)

const widthOf = () => (typeof window === 'undefined' ? 1440 : window.innerWidth)

function storedLayout(): StoredLayout {
  const wide = widthOf() > ONE_BESIDE
  const was = load<Partial<StoredLayout>>('view', {})
  const drawer = was.size && was.size.drawer !== FORMER_DRAWER_HEIGHT ? was.size.drawer : Math.round(DRAWER_SHARE * heightOf())
  const palette = was.size && was.size.palette !== FORMER_PALETTE_WIDTH ? was.size.palette : PALETTE_WIDTH
  return {
    open: { palette: wide, inspector: wide, drawer: widthOf() <= NARROW, ...(wide ? was.open : {}) },
    size: { inspector: 320, ...was.size, palette, drawer },
    tab: was.tab ?? 'results',
  }
}

export const useView = create<View>(() => ({
  ...storedLayout(), maximised: false, sheet: 'outline', search: null, commands: null, outline: false, versions: false, canvas: null, spotlight: null, dragged: null, toSettings: null, toPalette: null,
}))

const saveLayout = () => {
  const { open, size, tab } = useView.getState()
  save('view', { open, size, tab })
}

const SIDES: Record<Panel, Partial<Record<Panel, boolean>>> = { palette: { inspector: false }, inspector: { palette: false }, drawer: {} }

/** Where there is room for one panel beside the canvas, it takes the place of the other. */
export function setPanel(panel: Panel, open: boolean) {
  const closed = open && widthOf() <= ONE_BESIDE ? SIDES[panel] : {}
  useView.setState((view) => ({ open: { ...view.open, ...closed, [panel]: open } }))
  saveLayout()
}

/** An empty pipeline has no results: its canvas gets their room, without remembering it. A narrow page keeps its sheet. */
export function foldDrawer() {
  if (widthOf() > NARROW) useView.setState(({ open }) => ({ open: { ...open, drawer: false } }))
}

export const togglePanel = (panel: Panel) => setPanel(panel, !useView.getState().open[panel])

/** Maximises the open drawer, or restores it; opens it when it is closed. */
export function toggleMaximised() {
  useView.setState(({ open, maximised }) => ({ maximised: !(open.drawer && maximised), open: { ...open, drawer: true } }))
  saveLayout()
}

const BOUNDS: Record<Panel, () => readonly [number, number]> = { palette: () => [180, 420], inspector: () => [260, 560], drawer: () => [120, 0.75 * heightOf()] }

export function resizePanel(panel: Panel, size: number) {
  const [least, most] = BOUNDS[panel]()
  useView.setState((view) => ({ size: { ...view.size, [panel]: Math.round(Math.min(most, Math.max(least, size))) }, maximised: panel === 'drawer' ? false : view.maximised }))
  saveLayout()
}

/** On a narrow page, its sheet shows the part; on a wide one, nothing changes. */
export function showPart(sheet: SheetPart) {
  useView.setState({ sheet })
}

export function showTab(tab: string) {
  useView.setState({ tab, sheet: 'results' })
  setPanel('drawer', true)
}

/** Opens the settings of the selection and moves the focus there. */
export function goToSettings(to: 'first' | 'title' = 'first') {
  setPanel('inspector', true)
  useView.setState({ toSettings: { to }, sheet: 'settings' })
}

/** Opens the palette and moves the focus to its search. */
export function goToPalette() {
  setPanel('palette', true)
  useView.setState({ toPalette: { typed: '' }, sheet: 'add' })
}

/** Keeps a key for the palette's search while it is asked for and not there yet; returns whether it is. */
export function typeAhead({ key, ctrlKey, metaKey, altKey }: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }): boolean {
  const { toPalette } = useView.getState()
  if (!toPalette || ctrlKey || metaKey || altKey) return false
  if (key === 'Escape') useView.setState({ toPalette: null })
  else if (key === 'Backspace') useView.setState({ toPalette: { typed: toPalette.typed.slice(0, -1) } })
  else if (key.length === 1) useView.setState({ toPalette: { typed: toPalette.typed + key } })
  else return false
  return true
}

export function openSearch(search: SearchBox | null) {
  useView.setState({ search })
}

export function spotlight(node: string, param: string) {
  useView.setState({ spotlight: { node, param }, sheet: 'settings' })
  setPanel('inspector', true)
}

interface Place {
  /** With the size of the canvas in which it was saved. */
  viewport: (Viewport & { width?: number; height?: number }) | null
  chosen: string[]
  port: { node: string; port: string } | null
  /** Whether the drawer covers the canvas: in one pipeline, so that another opens on its canvas. */
  maximised: boolean
}

const NOWHERE: Place = { viewport: null, chosen: [], port: null, maximised: false }

export const loadPlace = (pipelineId: string): Place => ({ ...NOWHERE, ...load<Partial<Place>>(`place.${pipelineId}`, {}) })

export function savePlace(pipelineId: string, place: Partial<Place>) {
  save(`place.${pipelineId}`, { ...loadPlace(pipelineId), ...place })
}
