/** The size of a card, computed without rendering it. */
import { CARD_WIDTH, type GraphNode } from './graph'

const BASE_HEIGHT = 66
const COMMENT_HEIGHT = 20

export const cardHeight = (node: GraphNode) => BASE_HEIGHT + (node.comment ? COMMENT_HEIGHT : 0)

/** The centre of a port, from the left edge of the card. */
export const portLeft = (at: number, count: number) => Math.round((CARD_WIDTH * (at + 1)) / (count + 1))
