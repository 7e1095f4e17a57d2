import ArgumentParser
import SluiceAgent
import SluiceConfiguration
import SluiceReceiver

@main struct Sluice: ParsableCommand { func run() {} }
