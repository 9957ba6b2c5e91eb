export class BusesState {}
