/** Where the canvas looks when a pipeline is opened for the first time: all of it when that can be read, else its top. */
import { cardHeight } from './cardShape'
import { CARD_WIDTH, type GraphNode } from './graph'

interface View {
  x: number
  y: number
  zoom: number
}

interface Size {
  width: number
  height: number
}

const MARGIN = 48
const READABLE = 0.7

export function openingView(nodes: readonly GraphNode[], { width, height }: Size): View {
  if (nodes.length === 0) return { x: width / 2, y: height / 3, zoom: 1 }
  const left = Math.min(...nodes.map((node) => node.position[0]))
  const right = Math.max(...nodes.map((node) => node.position[0])) + CARD_WIDTH
  const top = Math.min(...nodes.map((node) => node.position[1]))
  const bottom = Math.max(...nodes.map((node) => node.position[1] + cardHeight(node)))
  const fitting = Math.min(1, (width - 2 * MARGIN) / (right - left), (height - 2 * MARGIN) / (bottom - top))
  const zoom = Math.max(READABLE, fitting)
  const fitsAcross = (right - left) * zoom <= width
  const first = nodes.reduce((best, node) => (node.position[1] < best.position[1] ? node : best))
  const middle = fitsAcross ? (left + right) / 2 : first.position[0] + CARD_WIDTH / 2
  const spare = (height - (bottom - top) * zoom) / 2
  return { x: width / 2 - middle * zoom, y: Math.max(spare, Math.min(MARGIN, height / 12)) - top * zoom, zoom }
}
