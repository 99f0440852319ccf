import classes from './registry.module.css'

/** Short words beside each other, such as aliases. */
export function Chips({ words }: { words: readonly string[] }) {
  return words.length === 0 ? null : <span className={classes.chips}>{words.map((word) => <span key={word} className={classes.chip}>{word}</span>)}</span>
}
