/** What to do first, while there is nothing. */
import { useDocument } from '../../state/document'
import { Keys } from '../../ui/Keys'
import classes from './Canvas.module.css'

export function EmptyCanvas() {
  const empty = useDocument((state) => state.loaded && Object.keys(state.nodes).length === 0)
  const readOnly = useDocument((state) => state.readOnly)
  if (!empty) return null
  if (readOnly) return <div className={classes.empty}><strong>Nothing is drawn here yet</strong></div>
  return (
    <div className={classes.empty}>
      <strong>Start with some data</strong>
      <span>Drop a CSV, Parquet or Excel file here, or drag a Dataset from the left.</span>
      <span>Double-click the canvas or press <Keys shortcut="/" /> to find any module.</span>
    </div>
  )
}
