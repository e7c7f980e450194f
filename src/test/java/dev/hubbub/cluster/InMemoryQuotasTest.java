package dev.hubbub.cluster;

class InMemoryQuotasTest extends QuotasContract {
    private final Quotas quotas = new InMemoryQuotas();

    @Override
    protected Quotas quotas() {
        return quotas;
    }
}
