import { Anchor, Text } from '@mantine/core'
import { Link } from 'wouter'
import { valueWords, differenceTitle, type Explanation } from '../core/runs/explanation'
import list from './list.module.css'

/** The reason in words, unless `shown` has them already, then the values before and now. */
export function ExplanationView({ why, shown }: { why: Explanation; shown?: string | null }) {
  const words = why.words === shown ? '' : why.words
  const nothing = !words && !why.run && why.differences.length === 0
  return (
    <>
      <Text fz={13}>{nothing ? 'No earlier run to compare with.' : words} {why.run && <Anchor component={Link} href={`/runs/${why.run}`} fz={13} underline="always">{why.reused ? 'Open the original run' : 'Open the previous run'}</Anchor>}</Text>
      {why.differences.length > 0 && (
        <div className={list.scroller}>
          <table className={`${list.list} ${list.narrow}`}>
            <thead><tr><th scope="col">Difference</th><th scope="col">Before</th><th scope="col">Now</th></tr></thead>
            <tbody>
              {why.differences.map((one) => (
                <tr key={`${one.kind} ${one.name}`}>
                  <th scope="row">{differenceTitle(one)}</th>
                  <td className={list.wrapped}>{valueWords(one.before) ?? <span className={list.soft}>none</span>}</td>
                  <td className={list.wrapped}>{valueWords(one.after) ?? <span className={list.soft}>none</span>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
