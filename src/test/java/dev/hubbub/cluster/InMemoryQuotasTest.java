package dev.hubbub.cluster;

class InMemoryQuotasTest extends QuotasContract {
    private final Quotas quotas = new InMemoryQuotas();

    @Override
    Quotas quotas() {
        return quotas;
    }
}
