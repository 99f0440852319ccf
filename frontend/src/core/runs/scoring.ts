/** From a finished run to the pipeline that scores new rows: what became of each step, what is drawn of it, and what its proof says. */
import type { Schemas } from '../base/schemas'
import { bytes, counted, figure } from '../base/numbers'
import type { Catalogue } from '../catalogue/catalogue'
import { nodeTitle } from '../graph/connect'
import { flowOrder } from '../graph/flowOrder'
import { splitEnd, type Graph, type GraphDocument } from '../graph/graph'
import type { Run } from './runs'

export type Scoring = Schemas['Scoring']
/** How far a worker is that derives a scoring pipeline. */
export type Deriving = Schemas['Deriving']
export type ScoringColumn = Schemas['ScoringColumn']
export type Decision = Schemas['Decision']
export type Proof = Schemas['Proof']
export type ParityReport = Schemas['ParityReport']
export type Fate = Decision['fate'] | 'refused'

export const FATES: Record<Fate, { title: string; help: string }> = {
  kept: { title: 'Kept', help: 'It is in the scoring pipeline as it was drawn.' },
  replaced: { title: 'Replaced', help: 'What it gave or fitted in the run stands in its place.' },
  passed: { title: 'Passed through', help: 'It only chooses training rows; every row of a request passes.' },
  cut: { title: 'Left out', help: 'The scores do not need it.' },
  refused: { title: 'Refused', help: 'It cannot serve a request.' },
}

export const isDeriving = (found: Scoring | Deriving): found is Deriving => 'state' in found

/** The address of the scoring pipeline of a run. */
export function scoringAddress(run: string, scored?: string | null): string {
  return `/runs/${run}/scoring${scored ? `?${new URLSearchParams({ scored }).toString()}` : ''}`
}

/** The outputs of a run that a scoring pipeline could be derived for: the first of each step that is done and scores rows with a model. */
export function scoredOutputs({ graph, steps }: Pick<Run, 'graph' | 'steps'>): string[] {
  return Object.entries(graph.nodes).flatMap(([id, { module }]) => {
    const [port] = Object.keys(steps[id]?.outputs ?? {})
    return port !== undefined && /\.score_(?!in_batches)/.test(module) ? [`${id}.${port}`] : []
  })
}

/** The same with the names of their steps, which are told apart where they are equal. */
export function scoredChoices(run: Pick<Run, 'graph' | 'steps'>, catalogue: Pick<Catalogue, 'module'>): { value: string; label: string }[] {
  const named = scoredOutputs(run).map((value) => ({ value, node: splitEnd(value).node, label: nodeTitle(run.graph as Graph, catalogue, splitEnd(value).node) }))
  return named.map(({ value, node, label }) => ({ value, label: named.filter((other) => other.label === label).length > 1 ? `${label} (${node})` : label }))
}

/** How many steps have each fate, in words: "3 kept, 2 replaced". */
export function fatesInWords(decisions: readonly Pick<Decision, 'fate'>[]): string {
  const counts = (Object.keys(FATES) as Fate[]).map((fate) => [fate, decisions.filter((each) => each.fate === fate).length] as const)
  return counts.filter(([, number]) => number > 0).map(([fate, number]) => `${number} ${FATES[fate].title.toLowerCase()}`).join(', ')
}

/** The decisions in the order of the flow. */
export function inFlow({ training, decisions }: Pick<Scoring, 'training' | 'decisions'>): Decision[] {
  const order = flowOrder(training as unknown as Graph)
  return decisions.toSorted((one, two) => order.indexOf(one.node) - order.indexOf(two.node))
}

/** What a card of the scoring pipeline is. */
export type Part = 'request' | 'pinned' | 'step' | 'answer'

export interface ScoringCard {
  id: string
  part: Part
  title: string
  lines: string[]
  /** The steps of the training pipeline that it stands for. */
  of: string[]
}

/** The cards of the scoring pipeline, each with what it is and what it stands for. */
export function scoringCards({ document, training, decisions, pinned, request, answer, signature }: Scoring): ScoringCard[] {
  const { nodes } = document as unknown as GraphDocument
  const before = (training as unknown as GraphDocument).nodes
  const isAsDrawn = (id: string) => Object.entries(nodes[id]?.params ?? {}).every(([name, value]) => JSON.stringify(value) === JSON.stringify(before[id]?.params?.[name]))
  return Object.entries(nodes).map(([id, node]): ScoringCard => {
    const stands = decisions.filter(({ became }) => became.includes(id))
    const title = node.title || stands[0]?.title || id
    const of = stands.map(({ node: step }) => step)
    const pin = pinned.find((each) => each.node === id)
    if (id === splitEnd(request).node) return { id, part: 'request', title: 'Request', lines: [counted(signature.inputs.length, 'column'), `as in ${title}`], of }
    if (pin) return { id, part: 'pinned', title, lines: [`Pinned from the run, ${bytes(pin.bytes)}`, ...(pin.only ? [`narrowed to ${counted(pin.only.length, 'column')}`] : [])], of: [...new Set([...of, splitEnd(pin.made_by).node])] }
    if (id === splitEnd(answer).node) return { id, part: 'answer', title, lines: ['Gives the answer', signature.outputs.map(({ name }) => name).join(', ')], of }
    return { id, part: 'step', title, lines: [stands[0]?.fate === 'replaced' ? 'Applies what the run fitted' : isAsDrawn(id) ? 'As in the run' : 'Narrowed to requests'], of }
  })
}

/** The wires between the cards of a document, each once. */
export function wiresOf(document: unknown): { source: string; target: string }[] {
  const { edges } = document as GraphDocument
  const pairs = new Map(edges.map(([from, to]) => [`${splitEnd(from).node} ${splitEnd(to).node}`, { source: splitEnd(from).node, target: splitEnd(to).node }]))
  return [...pairs.values()]
}

/** The values that a column had in training, in words. */
export function rangeOf({ categories, low, high }: Pick<ScoringColumn, 'categories' | 'low' | 'high'>): string {
  if (categories) return categories.join(', ')
  return low === null || high === null ? '' : low === high ? figure(low) : `${figure(low)} to ${figure(high)}`
}

export interface ColumnProof {
  name: string
  values: number
  differing: number
  largest: number
}

/** The comparisons of a proof by column of the answer. */
export function proofByColumn({ cases }: Pick<ParityReport, 'cases'>): ColumnProof[] {
  const found = new Map<string, ColumnProof>()
  for (const { name, values, differing, largest } of cases.flatMap(({ columns }) => columns ?? [])) {
    const before = found.get(name) ?? { name, values: 0, differing: 0, largest: 0 }
    found.set(name, { name, values: before.values + values, differing: before.differing + differing, largest: Math.max(before.largest, largest) })
  }
  return [...found.values()]
}
