import { Tabs } from 'radix-ui'
import { useStore } from 'zustand'
import { useApp, useDocument, useSnapshot } from '../../app/app'
import type { InspectorTab } from '../../app/layout'
import { LogTab } from './LogTab'
import { MetricsTab } from './MetricsTab'
import { OptionsTab } from './OptionsTab'
import { ProvenanceTab } from './ProvenanceTab'
import './inspector.css'

/** What is to be known and set of the selected step. */
export function Inspector() {
  const { layout } = useApp()
  const document = useDocument()
  const snapshot = useSnapshot()
  const { inspectorTab, inspectorWidth, selectedStep } = useStore(layout)
  const step = document?.steps.find(s => s.id === selectedStep)
  const state = snapshot?.steps.find(s => s.id === selectedStep)
  return (
    <aside className="inspector" aria-label="Inspector" style={{ width: `${inspectorWidth / 16}rem` }}>
      <Tabs.Root className="inspector-tabs" value={inspectorTab} onValueChange={tab => layout.setState({ inspectorTab: tab as InspectorTab })} activationMode="automatic">
        <Tabs.List className="tabs" aria-label="Inspector">
          <Tabs.Trigger value="options">{step ? step.id : 'Step'}</Tabs.Trigger>
          <Tabs.Trigger value="metrics">Metrics</Tabs.Trigger>
          <Tabs.Trigger value="log">Log</Tabs.Trigger>
          <Tabs.Trigger value="provenance">Provenance</Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="options" className="tab-body">
          {step ? <OptionsTab step={step} /> : <NoStep />}
        </Tabs.Content>
        <Tabs.Content value="metrics" className="tab-body">
          <MetricsTab selected={selectedStep} />
        </Tabs.Content>
        <Tabs.Content value="log" className="tab-body">
          <LogTab />
        </Tabs.Content>
        <Tabs.Content value="provenance" className="tab-body">
          {state ? <ProvenanceTab state={state} /> : <NoStep />}
        </Tabs.Content>
      </Tabs.Root>
    </aside>
  )
}

function NoStep() {
  return (
    <div className="empty">
      <p>Choose a step in the list to see and set its options.</p>
    </div>
  )
}
