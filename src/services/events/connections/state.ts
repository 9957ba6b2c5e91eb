export class ConnectionsState {}
