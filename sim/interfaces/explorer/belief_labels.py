"""Short names of the model's parameters, for lists in which they must be told apart at a glance."""

from __future__ import annotations

from sim.data import load_parameters

LONGEST = 40
_LABELS = {
    "build_months_base": "Months to build a small data centre",
    "build_months_per_gw": "Months to build each further gigawatt",
    "capex_usd_m_per_mw": "Capital cost of a megawatt",
    "choice_noise": "Noise in choices",
    "concern_half_life_months": "Months until a shock to concern halves",
    "concern_spill": "Shock to peers that a country feels",
    "condition_softness": "Softness of the democratic condition",
    "fund_gdp_share": "Fund that counts as large, of GDP",
    "hedge_relief": "Dependence eased by a second partner",
    "linkage_gain": "Weight of a tie to the programme",
    "odds_exponent": "How far providers ask who would accept",
    "overlap": "Gain lost where two partners overlap",
    "own_build_months": "Months to build a stack of one's own",
    "own_cost_scale_relief": "Cost of an own stack, relief by scale",
    "own_lead_months": "Months to plan a stack of one's own",
    "price_sensitivity": "Stalled builds and the price of power",
    "provider_taste_sd": "Providers' own inclinations",
    "readiness_exponent": "How much readiness scales the gain",
    "resume_rate": "Monthly chance that a build resumes",
    "reversal_shock": "Concern after being abandoned",
    "review_rate": "Monthly chance of a review, unprompted",
    "review_rate_invited": "Monthly chance of a review, invited",
    "review_rate_peers": "Monthly chance of a review, by peers",
    "review_readiness": "Reviews and readiness",
    "stall_rate": "Monthly chance that a build stalls",
    "supplier_exit_rate": "Monthly chance that a supplier leaves",
    "switching_within_provider": "Switching cost within one provider",
    "taste_sd": "Countries' own inclinations",
    "tau_building": "Cost of leaving what is being built",
    "tau_live": "Cost of leaving what is live",
    "tau_signed": "Cost of leaving what is only signed",
    "value_alignment": "Invitations: weight of alignment",
    "value_headroom": "Invitations: weight of available power",
    "value_market": "Invitations: weight of market size",
    "value_readiness": "Invitations: weight of readiness",
    "value_tie": "Invitations: weight of ties of firms",
    "w_affinity": "Weight of agreement in foreign policy",
    "w_ally": "Weight of security ties",
    "w_assistant": "Weight of a national assistant",
    "w_chips": "Weight of access to chips",
    "w_condition": "Weight of the democratic condition",
    "w_cost": "Weight of the co-investment",
    "w_data_centre": "Weight of a data centre",
    "data_centre_per_need": "Largest data centre, in times the need",
    "w_fund": "Weight of a start-up fund",
    "w_hedge": "Cost of running two partners",
    "w_own_cost": "Cost of a stack of one's own",
    "w_own_stack": "Weight of a stack of one's own",
    "w_peer": "Weight of what peers do",
    "w_retaliation": "Weight of a rival's pressure",
    "w_safety": "Weight of safety and security support",
    "w_sovereignty": "Weight of fear of dependence",
    "w_tie": "Weight of ties of firms",
    "w_waiting": "Value of waiting at the start",
    "waiting_half_life_months": "Months until the value of waiting halves",
}


def belief_label(name: str) -> str:
    """Return what a parameter is called; one without a label goes by its first sentence.

    Examples
    --------
    >>> belief_label("w_peer"), belief_label("concern_base")
    ('Weight of what peers do', 'Sovereignty concern of any country')
    """
    row = load_parameters().get(name)
    if row is None:
        # Links can ask for what the model does not have.
        return name
    return _LABELS.get(name) or row.description.split(". ")[0].rstrip(".")
