import type { ModuleHelp } from '../../server/rest'
import { Box } from '../../ui/Box'
import list from '../../ui/list.module.css'
import classes from './help.module.css'

export function Errors({ errors }: Pick<ModuleHelp, 'errors'>) {
  if (errors.length === 0) return null
  return (
    <Box title="Errors" end={<span className={classes.soft}>… stands for what varies</span>}>
      <div className={classes.scroller} tabIndex={0} role="region" aria-label="Table of errors">
        <table className={list.list}>
          <thead><tr><th scope="col">What it says</th><th scope="col">Remedy</th><th scope="col">Code</th></tr></thead>
          <tbody>
            {errors.map(({ code, words, remedy }) => (
              <tr key={`${code} ${words}`}><td className={list.wrapped}>{words}</td><td className={list.wrapped}>{remedy}</td><td><code className={classes.code}>{code}</code></td></tr>
            ))}
          </tbody>
        </table>
      </div>
    </Box>
  )
}
