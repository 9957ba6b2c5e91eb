export class ApiDestinationsState {}
