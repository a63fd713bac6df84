import { useStore } from 'zustand'
import { useApp } from '../../app/app'
import { FiguresList } from './FiguresList'
import { ProblemCard } from './ProblemCard'
import { StepsList } from './StepsList'
import './rail.css'

/** The line of sight of an experiment: its problem, its steps, its figures. */
export function Rail() {
  const { layout } = useApp()
  const width = useStore(layout, state => state.railWidth)
  return (
    <nav className="rail" aria-label="Experiment" style={{ width: `${width / 16}rem` }}>
      <ProblemCard />
      <StepsList />
      <FiguresList />
    </nav>
  )
}
