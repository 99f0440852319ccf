/** What the check and the run add to cards: why a step failed, and that it is running. A string, so that only a change of it renders. */
import { useMemo } from 'react'
import { wordsWithoutSubject, type Problem } from '../../core/base/problems'
import type { Told } from '../../core/graph/cardShape'
import { nodeTitle } from '../../core/graph/connect'
import { currentCatalogue } from '../../state/catalogue'
import { useCheck } from '../../state/check'
import { currentGraph } from '../../state/document'
import { cardOf, useDrawn } from '../../state/drawn'
import { useRun, type RunWatch } from '../../state/run'

export const NO_REMEDY = 'Open the log'

/** The sentences in the strip of a failed card. */
export const alertWords = (error: Problem) => ({ words: wordsWithoutSubject(error, 1), remedy: error.remedy ?? NO_REMEDY })

function growing({ run }: RunWatch): string {
  const found: [string, string | null][] = []
  for (const [id, { state, error }] of Object.entries(run?.steps ?? {})) {
    if (state === 'running') found.push([id, null])
    if (state !== 'failed' || !error) continue
    const { words, remedy } = alertWords(error)
    found.push([id, `${words} ${remedy}`])
  }
  return found.length > 0 ? JSON.stringify(found) : ''
}

/** The card of a sub-pipeline says what failed first in it. */
function tellCard(told: Map<string, Told>, id: string, alert: string) {
  const card = cardOf(id)
  if (card !== null && !told.get(card)?.alert) told.set(card, { alert: `${nodeTitle(currentGraph(), currentCatalogue(), id)}: ${alert}` })
}

/** By card; the words of the line do not matter to the size, only that there is one. */
export function useTold(): ReadonlyMap<string, Told> {
  const grown = useRun(growing)
  const problems = useCheck((state) => state.byNode)
  const drawn = useDrawn()
  return useMemo(() => {
    const told = new Map<string, Told>()
    for (const [id, found] of Object.entries(problems)) {
      if (found.every(({ severity }) => severity === 'unfinished')) told.set(id, { line: '?' })
    }
    for (const [id, alert] of grown ? (JSON.parse(grown) as [string, string | null][]) : []) {
      if (drawn.nodes[id]) told.set(id, alert === null ? { running: true } : { ...told.get(id), alert })
      else if (alert !== null) tellCard(told, id, alert)
    }
    return told
  }, [grown, problems, drawn])
}
