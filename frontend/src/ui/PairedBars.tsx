/** Two distributions over the same bins, side by side: the reference in grey, what is there now in colour. */
import classes from './PairedBars.module.css'

interface Props { labels: string[]; reference: number[]; current: number[]; label: string }

const WIDTH = 240
const HEIGHT = 40

const percent = (share: number) => `${(share * 100).toFixed(1)}\u00a0%`

export function PairedBars({ labels, reference, current, label }: Props) {
  const tallest = Math.max(1e-9, ...reference, ...current)
  const wide = WIDTH / labels.length
  const tall = (share: number) => (share === 0 ? 0 : Math.max(1, (share / tallest) * HEIGHT))
  const bar = (share: number, at: number, left: number, kind: 'reference' | 'current') => (
    <rect className={classes[kind]} x={at * wide + left} width={wide * 0.4} y={HEIGHT - tall(share)} height={tall(share)} />
  )
  return (
    <svg className={classes.bars} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      {labels.map((name, at) => (
        <g key={name}>
          <title>{`${name}: reference ${percent(reference[at] ?? 0)}, now ${percent(current[at] ?? 0)}`}</title>
          <rect className={classes.hit} x={at * wide} width={wide} y={0} height={HEIGHT} />
          {bar(reference[at] ?? 0, at, wide * 0.08, 'reference')}
          {bar(current[at] ?? 0, at, wide * 0.5, 'current')}
        </g>
      ))}
    </svg>
  )
}
