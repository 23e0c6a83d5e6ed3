Rails.application.routes.draw do
  get "up" => "rails/health#show", as: :rails_health_check
  get "proverbs/:id", to: "proverbs#show"
  root "proverbs#index"
end
