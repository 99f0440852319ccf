/** What features add to the canvas page, each in its `contributions.ts`; the page registers them before it is drawn. */
import type { ComponentType, ReactNode } from 'react'
import type { Output } from '../core/runs/runs'
import type { PortPlace } from '../server/rest'

export const SECTIONS = ['Run', 'Add', 'Edit', 'View'] as const

export interface Command {
  id: string
  title: string
  section: (typeof SECTIONS)[number]
  keys: string[]
  run(): void
  /** False when it would do nothing now. */
  can?(): boolean
  /** For toggles: the current state. */
  on?(): boolean
  /** It acts on the selection: a focused card is selected first. */
  onChosen?: true
  /** Left out of menus while it can do nothing. */
  whenPossible?: true
  /** Shown in the keymap only: the browser or the pointer does it. */
  gesture?: true
}

/** A tab of the drawer under the canvas. */
export interface Tab {
  id: string
  title: string
  order: number
  Panel: ComponentType<{ pipeline: string }>
  /** Beside the title. */
  Badge?: ComponentType
  /** Whether there is anything to show now; always without it. */
  useShown?: () => boolean
}

export interface ResultProps {
  place: PortPlace
  output: Output
  /** The settings of the node. */
  params: Record<string, unknown>
  label: string
  /** Chooses another output of the node: the start of the view's toolbar. */
  lead: ReactNode
}

export interface Contributions {
  commands?: Command[]
  tabs?: Tab[]
  /** Views of outputs, by the id of their kind; a kind without one gets its report, or else its downloads. */
  results?: Record<string, ComponentType<ResultProps>>
}

export const contributed = { commands: [] as Command[], tabs: [] as Tab[], results: {} as Partial<NonNullable<Contributions['results']>> }

export function register(all: readonly Contributions[]) {
  contributed.commands = SECTIONS.flatMap((section) => all.flatMap(({ commands = [] }) => commands.filter((command) => command.section === section)))
  contributed.tabs = all.flatMap(({ tabs = [] }) => tabs).toSorted((one, two) => one.order - two.order)
  contributed.results = Object.assign({}, ...all.map(({ results }) => results))
}
