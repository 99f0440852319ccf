/** The words and the size of a card, computed without rendering it: layout, placement and React Flow need them before anything is drawn. */
import { counted } from '../base/numbers'
import type { Catalogue, Module } from '../catalogue/catalogue'
import { differences } from '../catalogue/describe'
import { CARD_WIDTH, type Execution, type GraphNode } from './graph'
import { foldedIn } from './groups'
import { fitting, linesOf } from './textWidth'

/** A card of one, two and three lines. */
const HEIGHTS = [44, 52, 68] as const
/** What is left for words beside tile, mark, borders and gaps. */
export const WORDS_WIDTH = CARD_WIDTH - 80
/** The signs for where and how often it runs, at the end of the second line. */
const SIGNS_WIDTH = 44
const ALERT_WIDTH = CARD_WIDTH - 32
const ALERT_SPACE = 19
const LINE = 16
const MOST_ALERT_LINES = 4

export interface CardWords {
  title: string
  titleLines: number
  /** The second line: what differs from the default, as much as fits; empty where nothing does. */
  line: string
  /** All that differs. */
  whole: string
}

/** What a check or a run adds to a card. */
export interface Told {
  /** Takes the place of the second line. */
  line?: string
  /** Needs a line of its own also below a title of two. */
  running?: boolean
  /** The strip below: why it failed. */
  alert?: string
}

/** A name normalised for comparison: “Automobile price” is automobile_price. */
const plain = (text: string) => text.toLowerCase().replaceAll('_', ' ')

const stems = (text: string) => (plain(text).match(/[a-z]{3,}/g) ?? []).map((word) => word.slice(0, 5))

/** A title of its own that shares no word with the module's name. */
const hides = (title: string, module: Module) => !stems(title).some((stem) => stems(module.title).includes(stem))

/** Whether the second line carries signs for the execution settings. */
export const hasSigns = (execution: Execution | undefined) => execution !== undefined && (execution.target === 'docker' || execution.target === 'sandbox' || execution.target === 'ray' || (execution.retries ?? 0) > 0)

function wordsOf(node: GraphNode, module: Module | undefined): CardWords {
  const title = node.title || module?.title || node.module
  const folded = foldedIn(node.module) !== null
  const all = folded ? [counted(Number(node.params.modules), 'module')] : module ? differences(module, node.params, node.driven) : ['This module is not installed.']
  const pieces = all.filter((piece) => plain(piece) !== plain(title))
  const named = module && all.length === 0 && hides(title, module) ? [module.title] : pieces
  const width = WORDS_WIDTH - (hasSigns(node.execution) ? SIGNS_WIDTH : 0)
  return { title, titleLines: Math.min(2, linesOf(title, WORDS_WIDTH, 13)), line: fitting(named, width), whole: named.join(', ') }
}

const known = new WeakMap<GraphNode, { module: Module | undefined; words: CardWords }>()

/** Kept per node: a node that changes is another object. */
export function cardWords(node: GraphNode, module: Module | undefined): CardWords {
  const before = known.get(node)
  if (before && before.module === module) return before.words
  const words = wordsOf(node, module)
  known.set(node, { module, words })
  return words
}

/** Of a card of one line, the line of a running step takes the spare height, so that nothing moves. */
function rows(node: GraphNode, { titleLines, line }: CardWords, told: Told): number {
  const second = line !== '' || told.line !== undefined || hasSigns(node.execution) || (told.running === true && titleLines > 1)
  return titleLines + (second ? 1 : 0)
}

const alertHeight = (alert: string) => ALERT_SPACE + LINE * Math.min(MOST_ALERT_LINES, linesOf(alert, ALERT_WIDTH, 12))

export function heightWith(node: GraphNode, module: Module | undefined, told: Told = {}): number {
  const lines = rows(node, cardWords(node, module), told)
  return (HEIGHTS[lines - 1] ?? HEIGHTS[2]) + (told.alert ? alertHeight(told.alert) : 0)
}

export const cardHeight = (node: GraphNode, catalogue: Pick<Catalogue, 'module'>) => heightWith(node, catalogue.module(node.module))

/** The most that a card is high without a strip. */
export const TALLEST = HEIGHTS[2]

/** The centre of a port, from the left edge of the card. */
export const portLeft = (at: number, count: number) => Math.round((CARD_WIDTH * (at + 1)) / (count + 1))

/** The line of a port's label: those of one side reach the same way, so the nearer to the middle the lower. */
export const labelLine = (at: number, ports: number): number => Math.min(at, ports - 1 - at)
