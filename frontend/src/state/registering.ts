/** Registering a model: the dialog beside its results, which the menu of a card opens too. */
import { create } from 'zustand'
import { currentCatalogue } from './catalogue'
import { useRun } from './run'
import { choosePort, onlyChosen, useSelection } from './selection'
import { showTab } from './view'

interface Place {
  node: string
  port: string
}

/** The output whose dialog is open. */
export const useRegistering = create<{ open: Place | null }>(() => ({ open: null }))

/** The output of the only selected card that can be registered. */
function place(): Place | null {
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
  useRegistering.setState({ open: found })
}
