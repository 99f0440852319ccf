/** The initial view of a pipeline: the last one while it shows a card; else the whole pipeline when that is legible, else its top. */
import type { Catalogue } from '../catalogue/catalogue'
import { cardHeight } from './cardShape'
import { CARD_WIDTH, type GraphNode } from './graph'

interface View {
  x: number
  y: number
  zoom: number
}

export interface Size {
  width: number
  height: number
}

const MARGIN = 48
const READABLE = 0.7
/** A pipeline of up to this many cards is shown whole, as long as the cards are distinguishable; where it is not, they are legible. */
const FEW = 30
const LEAST = 0.4

export interface Extent {
  left: number
  right: number
  top: number
  bottom: number
}

/** The bounding box of all cards. */
export const extentOf = (nodes: readonly GraphNode[], catalogue: Catalogue): Extent => ({
  left: Math.min(...nodes.map((node) => node.position[0])),
  right: Math.max(...nodes.map((node) => node.position[0])) + CARD_WIDTH,
  top: Math.min(...nodes.map((node) => node.position[1])),
  bottom: Math.max(...nodes.map((node) => node.position[1] + cardHeight(node, catalogue))),
})

/** Whether a view shows the whole box. */
export const showsAll = ({ x, y, zoom }: View, { left, right, top, bottom }: Extent, { width, height }: Size) =>
  left * zoom + x >= 0 && right * zoom + x <= width && top * zoom + y >= 0 && bottom * zoom + y <= height

export function initialView(nodes: readonly GraphNode[], catalogue: Catalogue, { width, height }: Size): View {
  if (nodes.length === 0) return { x: width / 2, y: height / 3, zoom: 1 }
  const { left, right, top, bottom } = extentOf(nodes, catalogue)
  const fitting = Math.min(1, (width - 2 * MARGIN) / (right - left), (height - 2 * MARGIN) / (bottom - top))
  const zoom = fitting >= (nodes.length <= FEW ? LEAST : READABLE) ? fitting : READABLE
  const fitsAcross = (right - left) * zoom <= width
  const first = nodes.reduce((best, node) => (node.position[1] < best.position[1] ? node : best))
  const aside = (width / 2 - MARGIN) / zoom
  const middle = fitsAcross ? (left + right) / 2 : Math.min(right - aside, Math.max(left + aside, first.position[0] + CARD_WIDTH / 2))
  const spare = (height - (bottom - top) * zoom) / 2
  return { x: width / 2 - middle * zoom, y: Math.max(spare, Math.min(MARGIN, height / 12)) - top * zoom, zoom }
}

export interface Kept extends View, Size {}

/** The allowed size difference to the window in which a view was saved. */
const ALIKE = 0.15

const isAlike = (one: number, two: number) => Math.abs(one - two) <= ALIKE * Math.max(one, two)

function showsSomething({ x, y, zoom }: View, nodes: readonly GraphNode[], catalogue: Catalogue, { width, height }: Size): boolean {
  return nodes.some((node) => {
    const [left, top] = [node.position[0] * zoom + x, node.position[1] * zoom + y]
    return left + CARD_WIDTH * zoom > 0 && left < width && top + cardHeight(node, catalogue) * zoom > 0 && top < height
  })
}

/** The saved view, when it was saved in a window of similar size and shows a card; else the initial one. */
export function restoredView(kept: Partial<Kept> & View | null, nodes: readonly GraphNode[], catalogue: Catalogue, size: Size): View {
  if (!kept?.width || !kept.height || !isAlike(kept.width, size.width) || !isAlike(kept.height, size.height)) return initialView(nodes, catalogue, size)
  if (nodes.length > 0 && !showsSomething(kept, nodes, catalogue, size)) return initialView(nodes, catalogue, size)
  return { x: kept.x, y: kept.y, zoom: kept.zoom }
}
