export class ObservingState {}
