from operations.context import site


def test_templates_know_the_site(rf, settings):
    settings.SITE_NAME, settings.SITE_DOMAIN, settings.DEMONSTRATION = "示例网", "www.example.gov.cn", True
    assert site(rf.get("/")) == {"SITE_NAME": "示例网", "SITE_DOMAIN": "www.example.gov.cn", "DEMONSTRATION": True}
