export class RulesState {}
