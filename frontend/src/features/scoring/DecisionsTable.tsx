import { Link } from 'wouter'
import { FATES, inFlow, scoringCards, type Scoring } from '../../core/runs/scoring'
import list from '../../ui/list.module.css'
import { Section } from '../../ui/Section'
import { FateMark } from './FateMark'
import classes from './scoring.module.css'

/** The same as the drawing, as a table: each step of the run, what becomes of it, and why. */
export function DecisionsTable({ run, scoring }: { run: string; scoring: Scoring }) {
  const cards = scoringCards(scoring)
  return (
    <Section title="What becomes of each step">
      <div className={list.scroller}>
        <table className={list.list}>
          <thead><tr><th scope="col">Step</th><th scope="col">In the scoring pipeline</th><th scope="col" data-wide>Why</th><th scope="col" data-wide>Stands there as</th></tr></thead>
          <tbody>
            {inFlow(scoring).map(({ node, title, fate, reason, became }) => (
              <tr key={node} data-step={node}>
                <th scope="row"><Link href={`/runs/${run}?node=${encodeURIComponent(node)}`}>{title}</Link><div className={classes.below}>{reason}</div></th>
                <td><span className={classes.told}><FateMark fate={fate} />{FATES[fate].title}</span></td>
                <td data-wide className={list.wrapped}>{reason}</td>
                <td data-wide className={list.wrapped}>{cards.filter(({ id }) => became.includes(id)).map((card) => card.title).join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
