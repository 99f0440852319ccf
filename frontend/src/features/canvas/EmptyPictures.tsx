/** The pictures on the targets of an empty canvas: drawings, not data. */
import classes from './EmptyCanvas.module.css'

export function FilePicture() {
  return (
    <svg viewBox="0 0 256 112" aria-hidden>
      <rect x="44" y="14" width="168" height="84" rx="12" className={classes.dashes} />
      <g transform="rotate(-6 128 56)">
        <rect x="101" y="29" width="56" height="56" rx="6" className={classes.paper} />
        <text x="129" y="61" className={classes.csv}>CSV</text>
      </g>
      <circle cx="166" cy="78" r="13" className={classes.accent} />
      <path d="M166 84V72m-5 5 5-5 5 5" className={classes.sign} />
    </svg>
  )
}

const POINTS = [[20, 88], [27, 83], [33, 87], [40, 78], [44, 84], [52, 70], [58, 79], [64, 74], [69, 64], [77, 70], [84, 58], [90, 66], [99, 60], [108, 49], [117, 57], [130, 44], [142, 50], [156, 38], [171, 41], [190, 26], [214, 22]]

export function PointsPicture() {
  return (
    <svg viewBox="0 0 256 112" aria-hidden>
      <g transform="translate(10 4)">
        {POINTS.map(([x, y]) => <circle key={x} cx={x} cy={y} r="3" className={classes.point} />)}
        <path d="M12 92 226 14" className={classes.trend} />
      </g>
    </svg>
  )
}

const CARDS = [[104, 6], [104, 30], [48, 54], [160, 54], [104, 80]]
const WIRES = ['M128 20v10', 'M122 44C122 50 72 48 72 54', 'M134 44C134 50 184 48 184 54', 'M72 68C72 75 120 73 120 80', 'M184 68C184 75 136 73 136 80']

export function PipelinePicture() {
  return (
    <svg viewBox="0 0 256 112" aria-hidden>
      {WIRES.map((path) => <path key={path} d={path} className={classes.thread} />)}
      {CARDS.map(([x = 0, y = 0], at) => (
        <g key={at}>
          <rect x={x} y={y} width="48" height="14" rx="3" className={classes.paper} />
          <rect x={x + 3} y={y + 3} width="8" height="8" rx="2" className={classes.point} />
          <path d={`M${x + 15} ${y + 7}h${at === 2 ? 18 : 26}`} className={classes.words} />
        </g>
      ))}
    </svg>
  )
}
