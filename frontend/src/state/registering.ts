/** A request, from the menu of a card, to register the model that its step gave: the results show it, and ask for its name. */
import { create } from 'zustand'
import { currentCatalogue } from './catalogue'
import { useRun } from './run'
import { choosePort, onlyChosen, useSelection } from './selection'
import { showTab } from './view'

export const useRegistering = create<{ asked: boolean }>(() => ({ asked: false }))

/** The output of the only selected card that can be registered. */
function place(): { node: string; port: string } | null {
  const node = onlyChosen(useSelection.getState())
  const outputs = node === null ? {} : useRun.getState().run?.steps[node]?.outputs ?? {}
  const port = Object.keys(outputs).find((name) => currentCatalogue()?.kind(outputs[name]?.kind ?? '').registrable)
  return node === null || port === undefined ? null : { node, port }
}

export const canRegister = () => place() !== null

export function askToRegister() {
  const found = place()
  if (!found) return
  choosePort({ ...found, card: found.node })
  showTab('results')
  useRegistering.setState({ asked: true })
}
