/** How the screen is set: panels, the drawer, what is open, and where the canvas looks. */
import { create } from 'zustand'
import type { Reading } from '../core/datasets'
import type { Point } from '../core/graph'
import { keep, recall } from './storage'
import type { LooseEnd } from './edit'

export type Panel = 'palette' | 'inspector' | 'drawer'
export type DrawerTab = 'results' | 'log' | 'timeline' | 'history' | 'problems'

export interface Viewport {
  x: number
  y: number
  zoom: number
}

/** What the canvas can be asked to do from elsewhere. */
export interface CanvasHandle {
  fit(nodes?: string[]): void
  /** Brings a card into view if it is not, at the same zoom. */
  reveal(node: string): void
  /** Gives a card the keyboard's focus, in view; without a card, the canvas itself. */
  focus(node?: string | null): void
  /** Uploads files, and puts a card for each at a place, or where there is room. */
  upload(files: readonly File[], place?: Point, reading?: Reading): void
  /** Where a card ends on the screen: below it is its next one. */
  onScreen(node: string): Point | null
  zoom(by: 'in' | 'out' | 'one'): void
  /** Where a new node goes when no place was named: the middle of what is seen. */
  middle(): Point
  /** The last place of the pointer over the canvas; the middle when it was never there. */
  pointer(): Point
  pointerOnScreen(): Point
}

export interface SearchBox {
  /** On the screen, for the box. */
  at: Point
  /** On the canvas, for the node. */
  place: Point
  joined?: LooseEnd
  /** The card it is added after, when nobody pointed at a place. */
  after?: string | null
}

interface View {
  open: Record<Panel, boolean>
  size: Record<Panel, number>
  tab: DrawerTab
  /** The drawer has all the height of the page. */
  maximised: boolean
  search: SearchBox | null
  commands: 'palette' | 'keymap' | null
  outline: boolean
  versions: boolean
  canvas: CanvasHandle | null
  /** A setting to bring into view and mark, after a click on its problem. */
  spotlight: { node: string; param: string } | null
  /** The module being dragged from a list: a browser does not tell its content before the drop. */
  dragged: string | null
  /** The last request to move the focus to the settings: to the first of them, or to the title. */
  toSettings: { to: 'first' | 'title' } | null
}

type Kept = Pick<View, 'open' | 'size' | 'tab' | 'maximised'>

/** What the drawer takes of the window's height until somebody sizes it. */
const DRAWER_SHARE = 0.45
/** What it took before; kept in browsers whose owner may never have sized it. */
const DRAWER_ONCE = 280

const heightOf = () => (typeof window === 'undefined' ? 900 : window.innerHeight)

function kept(): Kept {
  const wide = typeof window === 'undefined' || window.innerWidth > 900
  const was = recall<Partial<Kept>>('view', {})
  const drawer = was.size && was.size.drawer !== DRAWER_ONCE ? was.size.drawer : Math.round(DRAWER_SHARE * heightOf())
  return {
    open: { palette: wide, inspector: wide, drawer: false, ...(wide ? was.open : {}) },
    size: { palette: 240, inspector: 320, ...was.size, drawer },
    tab: was.tab ?? 'results',
    maximised: was.maximised ?? false,
  }
}

export const useView = create<View>(() => ({
  ...kept(), search: null, commands: null, outline: false, versions: false, canvas: null, spotlight: null, dragged: null, toSettings: null,
}))

const remember = () => {
  const { open, size, tab, maximised } = useView.getState()
  keep('view', { open, size, tab, maximised })
}

export function setPanel(panel: Panel, open: boolean) {
  useView.setState((view) => ({ open: { ...view.open, [panel]: open } }))
  remember()
}

export const togglePanel = (panel: Panel) => setPanel(panel, !useView.getState().open[panel])

/** Gives the open drawer all the height of the page, or takes it back; opens it when it is closed. */
export function toggleMaximised() {
  useView.setState(({ open, maximised }) => ({ maximised: !(open.drawer && maximised), open: { ...open, drawer: true } }))
  remember()
}

const BOUNDS: Record<Panel, () => readonly [number, number]> = { palette: () => [180, 420], inspector: () => [260, 560], drawer: () => [120, 0.75 * heightOf()] }

export function resizePanel(panel: Panel, size: number) {
  const [least, most] = BOUNDS[panel]()
  useView.setState((view) => ({ size: { ...view.size, [panel]: Math.round(Math.min(most, Math.max(least, size))) }, maximised: panel === 'drawer' ? false : view.maximised }))
  remember()
}

export function showTab(tab: DrawerTab) {
  useView.setState({ tab })
  setPanel('drawer', true)
}

/** Opens the settings of what is selected and moves the focus there. */
export function goToSettings(to: 'first' | 'title' = 'first') {
  setPanel('inspector', true)
  useView.setState({ toSettings: { to } })
}

export function openSearch(search: SearchBox | null) {
  useView.setState({ search })
}

export function spotlight(node: string, param: string) {
  useView.setState({ spotlight: { node, param } })
  setPanel('inspector', true)
}

interface Place {
  /** With the size of the canvas it was kept in. */
  viewport: (Viewport & { width?: number; height?: number }) | null
  chosen: string[]
  port: { node: string; port: string } | null
}

export const recallPlace = (pipelineId: string) => recall<Place>(`place.${pipelineId}`, { viewport: null, chosen: [], port: null })

export function keepPlace(pipelineId: string, place: Partial<Place>) {
  keep(`place.${pipelineId}`, { ...recallPlace(pipelineId), ...place })
}
