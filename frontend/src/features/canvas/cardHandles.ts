/** The ports of a card in React Flow's format, so that cards out of view need no measuring. */
import { Position, type NodeHandle } from '@xyflow/react'
import { portLeft } from '../../core/graph/cardShape'
import type { Module } from '../../core/catalogue/catalogue'

const HIT = 24
/** Ports are placed within the border of their card. */
const BORDER = 1

export function cardHandles(module: Module | undefined, height: number): NodeHandle[] {
  const place = (names: string[], type: 'target' | 'source', position: Position, y: number) =>
    names.map((id, at) => ({ id, type, position, x: BORDER + portLeft(at, names.length) - HIT / 2, y: y - HIT / 2, width: HIT, height: HIT }))
  return [
    ...place(module?.inputs.map((port) => port.name) ?? [], 'target', Position.Top, BORDER),
    ...place(module?.outputs.map((port) => port.name) ?? [], 'source', Position.Bottom, height - BORDER),
  ]
}
