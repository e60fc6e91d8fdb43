"""The plan in stages on one situation: circles, carers, candidates, the contacts of each week, the trial against baselines, tables."""
