import type { PicturesBlock } from '../../core/data/reports'
import classes from './report.module.css'

/** Images of a set with their labels and names. */
export function Pictures({ block: { title, pictures } }: { block: PicturesBlock }) {
  return (
    <figure className={classes.pictures}>
      <figcaption className={classes.title}>{title}</figcaption>
      <ul>
        {pictures.map(({ image, name, label, size }) => (
          <li key={name} title={[label, name, size].filter(Boolean).join(' · ')}>
            <img src={image} alt={label === null ? name : `${label}: ${name}`} loading="lazy" decoding="async" data-small={image.startsWith('data:image/png') || undefined} />
            {label !== null && <strong>{label}</strong>}
            <span>{name}</span>
          </li>
        ))}
      </ul>
    </figure>
  )
}
