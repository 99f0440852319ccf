import type { PicturesBlock } from '../../core/data/reports'
import classes from './report.module.css'

/** The folder of its label is said already. */
const shortName = (name: string, label: string | null) => (label !== null && name.startsWith(`${label}/`) ? name.slice(label.length + 1) : name)

/** Images of a set with their labels and names, which describe them. */
export function Pictures({ block: { title, pictures } }: { block: PicturesBlock }) {
  return (
    <figure className={classes.pictures}>
      <figcaption className={classes.title}>{title}</figcaption>
      <ul>
        {pictures.map(({ image, name, label, size }) => (
          <li key={name}>
            <img src={image} alt="" loading="lazy" decoding="async" data-small={image.startsWith('data:image/png') || undefined} />
            {label !== null && <strong>{label}</strong>}
            <span title={[name, size].filter(Boolean).join(' · ')}>{shortName(name, label)}</span>
          </li>
        ))}
      </ul>
    </figure>
  )
}
