"""The numeric core: pure functions over NumPy arrays, without Django.

rates      proportions, NPS, means and the shrinkage prior, each with its interval
severity   how families of signals add up to one severity, and what each explains
likelihood the beta-binomial likelihood and its maximum
draws      seeded draws from posteriors
ranking    severity, burden, ranks and bands of a journey's touchpoints (formula pain/1)
waits      Kaplan–Meier curves of patience and of the virtual wait, and the hazard of giving up
logrank    whether one group gives up sooner than another
levels     quantiles of waits, and service level by its usual names
queues     what a queue would do with another number of agents
hours      a queue's parameters hour by hour, fitted from its waits
agents     how many agents a queue looked like, and whether the model fits
drivers    which touchpoints' answers move the journey's outcome
moments    correlations from sums by groups of customers, for many resamples at once
predictors which touchpoints can be key drivers at all
units      funnel plot of branches, teams, desks
outliers   units that really differ, told from luck over all comparisons
change     two periods compared, with alerts that keep false discoveries rare
alerts     moves of the newest weeks that are worth telling people of
series     severity week by week, and when it moved to another level
simpson    orders that turn round within segments
"""
