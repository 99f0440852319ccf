/** Where things sit on a card; known without measuring, so that cards out of sight cost nothing. */
import { Position, type NodeHandle } from '@xyflow/react'
import type { Module } from '../../core/catalogue'
import { CARD_WIDTH, type GraphNode } from '../../core/graph'

const HIT = 24
const BASE_HEIGHT = 60
const COMMENT_HEIGHT = 22

export const cardHeight = (node: GraphNode) => BASE_HEIGHT + (node.comment ? COMMENT_HEIGHT : 0)

/** The middle of a port, from the left edge of the card. */
export const portLeft = (at: number, count: number) => Math.round((CARD_WIDTH * (at + 1)) / (count + 1))

export function cardHandles(module: Module | undefined, height: number): NodeHandle[] {
  const place = (names: string[], type: 'target' | 'source', position: Position, y: number) =>
    names.map((id, at) => ({ id, type, position, x: portLeft(at, names.length) - HIT / 2, y: y - HIT / 2, width: HIT, height: HIT }))
  return [
    ...place(module?.inputs.map((port) => port.name) ?? [], 'target', Position.Top, 0),
    ...place(module?.outputs.map((port) => port.name) ?? [], 'source', Position.Bottom, height),
  ]
}
