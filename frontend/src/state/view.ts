/** How the screen is set: panels, the drawer, what is open, and where the canvas looks. */
import { create } from 'zustand'
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
}

interface View {
  open: Record<Panel, boolean>
  size: Record<Panel, number>
  tab: DrawerTab
  search: SearchBox | null
  commands: 'palette' | 'keymap' | null
  outline: boolean
  versions: boolean
  canvas: CanvasHandle | null
  /** A setting to bring into view and mark, after a click on its problem. */
  spotlight: { node: string; param: string } | null
}

type Kept = Pick<View, 'open' | 'size' | 'tab'>

const SIZE: Record<Panel, number> = { palette: 240, inspector: 320, drawer: 280 }

function kept(): Kept {
  const wide = typeof window === 'undefined' || window.innerWidth > 900
  const was = recall<Partial<Kept>>('view', {})
  return {
    open: { palette: wide, inspector: wide, drawer: false, ...(wide ? was.open : {}) },
    size: { ...SIZE, ...was.size },
    tab: was.tab ?? 'results',
  }
}

export const useView = create<View>(() => ({
  ...kept(), search: null, commands: null, outline: false, versions: false, canvas: null, spotlight: null,
}))

const remember = () => {
  const { open, size, tab } = useView.getState()
  keep('view', { open, size, tab })
}

export function setPanel(panel: Panel, open: boolean) {
  useView.setState((view) => ({ open: { ...view.open, [panel]: open } }))
  remember()
}

export const togglePanel = (panel: Panel) => setPanel(panel, !useView.getState().open[panel])

const BOUNDS: Record<Panel, readonly [number, number]> = { palette: [180, 420], inspector: [260, 560], drawer: [120, 720] }

export function resizePanel(panel: Panel, size: number) {
  const [least, most] = BOUNDS[panel]
  useView.setState((view) => ({ size: { ...view.size, [panel]: Math.round(Math.min(most, Math.max(least, size))) } }))
  remember()
}

export function showTab(tab: DrawerTab) {
  useView.setState({ tab })
  setPanel('drawer', true)
}

export function openSearch(search: SearchBox | null) {
  useView.setState({ search })
}

export function spotlight(node: string, param: string) {
  useView.setState({ spotlight: { node, param } })
  setPanel('inspector', true)
}

interface Place {
  viewport: Viewport | null
  chosen: string[]
  port: { node: string; port: string } | null
}

export const recallPlace = (pipelineId: string) => recall<Place>(`place.${pipelineId}`, { viewport: null, chosen: [], port: null })

export function keepPlace(pipelineId: string, place: Partial<Place>) {
  keep(`place.${pipelineId}`, { ...recallPlace(pipelineId), ...place })
}
