export class PartnersState {}
