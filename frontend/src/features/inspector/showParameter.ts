import { choose } from '../../state/selection'
import { useView } from '../../state/view'

/** The place of a parameter among the spotlights of settings. */
export const PARAMETERS = '$parameters'

/** Shows a parameter in the panel of the pipeline. */
export function showParameter(name: string) {
  choose([])
  useView.setState({ spotlight: { node: PARAMETERS, param: name } })
}
